/** Sends transactions to an embedded chain for ever, and says of each when it counts. Made to be killed. */
import { Wallet } from 'ethers'
import { openEmbeddedChain } from '#adapters/ethereum/embedded-chain.ts'
import { asInstant } from '#engine/shared/instant.ts'

const [directory, secret] = process.argv.slice(2) as [string, string]
const wallet = new Wallet(secret)
const { provider, fund } = await openEmbeddedChain({ directory, now: () => asInstant(Date.now()) })
await fund(wallet.address as `0x${string}`)
const nonce = Number(
  await provider.request({ method: 'eth_getTransactionCount', params: [wallet.address, 'latest'] }),
)
for (let next = nonce; ; next++) {
  const raw = await wallet.signTransaction({
    type: 2,
    chainId: 31_337,
    to: wallet.address,
    value: next,
    nonce: next,
    gasLimit: 21_000,
    maxFeePerGas: 10_000_000_000n,
    maxPriorityFeePerGas: 1n,
  })
  const hash = await provider.request({ method: 'eth_sendRawTransaction', params: [raw] })
  const receipt = await provider.request({ method: 'eth_getTransactionReceipt', params: [hash] })
  const { blockHash, blockNumber } = receipt as { blockHash: string; blockNumber: string }
  process.stdout.write(`${JSON.stringify({ hash, blockHash, blockNumber })}\n`)
}
