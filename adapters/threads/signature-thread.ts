/** The thread of `signature-checks.ts`: takes signatures out of shared memory and answers which hold, for as long as it runs. */
import { workerData } from 'node:worker_threads'
import { signatureHolds } from '#adapters/keys/signature-holds.ts'
import { signatureSlots } from './signature-slots.ts'

const slots = signatureSlots(workerData)
slots.up()
for (;;) {
  const seen = slots.putSoFar()
  for (let question = slots.take(); question !== undefined; question = slots.take())
    slots.answer(question.slot, signatureHolds(question))
  slots.sleep(seen)
}
