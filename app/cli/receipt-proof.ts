import { readFile, writeFile } from 'node:fs/promises'
import { makeAnchorProof } from '#adapters/ethereum/anchor-proof.ts'
import { createRpcProvider } from '#adapters/ethereum/rpc-provider.ts'
import { parseReceipt, type Receipt } from '#engine/anchoring/receipt.ts'
import { WaarmerkError } from '#engine/errors/define-error.ts'
import { isJsonObject } from '#engine/shared/json.ts'
import { parseStrictJson } from '#engine/shared/strict-json.ts'
import { parseArguments } from './parse-arguments.ts'
import { UsageFault } from './usage-fault.ts'

const USAGE = `Usage: waarmerk receipt-proof RECEIPT --rpc URL --out FILE [options]

Asks a node once for all that proves what the chain holds of the batch of a
receipt, so that a badge can be verified later without asking anybody:
verify BADGE RECEIPT --bundle FILE --block-hash 0x…

  --rpc URL        a node of the chain of the receipt
  --out FILE       where the proof is written
  --block WHICH    finalized (the default), latest, or the number of a block
  --help           print this and do nothing else

Exit code: 0 written, 1 the node does not answer or has another contract, 64 wrong use.
`

export interface ReceiptProofIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** `waarmerk receipt-proof`. Gives the exit code. */
export async function runReceiptProof(
  argv: readonly string[],
  { out, err }: ReceiptProofIo,
): Promise<number> {
  try {
    const options = readOptions(argv)
    if (options === 'help') {
      out(USAGE)
      return 0
    }
    const receipt = await readReceipt(options.receipt)
    const provider = createRpcProvider({ url: options.rpc })
    const { proof, block } = await makeAnchorProof(provider, receipt, options.block)
    await writeFile(options.out, `${JSON.stringify(proof, undefined, 2)}\n`)
    out(
      `${options.out} proves what block ${block.number} holds. Keep its hash, from a place that you believe:\n${block.hash}\n`,
    )
    return 0
  } catch (error) {
    if (error instanceof UsageFault) {
      err(`${error.message}\n\n${USAGE}`)
      return 64
    }
    if (!(error instanceof WaarmerkError)) throw error
    err(`${error.message} (${error.code})\n`)
    return 1
  }
}

interface Options {
  readonly receipt: string
  readonly rpc: string
  readonly out: string
  readonly block: 'finalized' | 'latest' | number
}

function readOptions(argv: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(argv)
  if (values.help === true) return 'help'
  const [receipt, ...surplus] = positionals
  const { rpc, out, block = 'finalized' } = values
  if (receipt === undefined || surplus.length > 0) throw new UsageFault('Name the file of one receipt.')
  if (out === undefined) throw new UsageFault('--out says where the proof is to be written.')
  if (!/^https?:$/.test(URL.parse(rpc ?? '')?.protocol ?? '') || rpc === undefined)
    throw new UsageFault('--rpc takes an http or https address.')
  if (block !== 'finalized' && block !== 'latest' && !/^\d{1,15}$/.test(block))
    throw new UsageFault('--block takes finalized, latest or a number.')
  return { receipt, rpc, out, block: block === 'finalized' || block === 'latest' ? block : Number(block) }
}

function parse(argv: readonly string[]) {
  return parseArguments({
    args: [...argv],
    allowPositionals: true,
    options: {
      rpc: { type: 'string' },
      out: { type: 'string' },
      block: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

async function readReceipt(path: string): Promise<Receipt> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageFault(`Cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  })
  const parsed = parseStrictJson(bytes, { maxBytes: 100_000, maxDepth: 8, maxNodes: 1000, maxKeys: 1000 })
  if (!parsed.ok) throw new UsageFault(`${path}: ${parsed.detail} (${parsed.code})`)
  const { value } = parsed
  // A receipt may come as the API gives it, inside an object of its own.
  const given = isJsonObject(value) && isJsonObject(value['receipt']) ? value['receipt'] : value
  const reading = parseReceipt(given)
  if (!reading.ok)
    throw new UsageFault(`${path} is no receipt: ${reading.fault.code} at /${reading.fault.member}`)
  return reading.receipt
}
