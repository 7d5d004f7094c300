// What the demo plays: events that award badges (the default), people who do things with badges, or organisations that
// grant one together by a contract.
import { readConfig } from '../config.ts'
import { findProduct } from './find-product.ts'

const [which = 'events'] = process.argv.slice(2)
const print = (line = '') => process.stdout.write(`${line}\n`)
const env = process.env
const config = readConfig(env)

if (which !== 'events' && which !== 'people' && which !== 'attested') {
  print(`There is no demo "${which}": npm run demo, npm run demo -- people, or npm run demo -- attested.`)
  process.exit(2)
}
const product = await findProduct(
  config,
  {
    ...(env['WAARMERK_URL'] === undefined ? {} : { url: env['WAARMERK_URL'] }),
    ...(env['WAARMERK_API_KEY'] === undefined ? {} : { apiKey: env['WAARMERK_API_KEY'] }),
  },
  print,
)
const isGood = await play()
if (!isGood) process.exitCode = 1
if (product.started !== undefined) {
  print()
  print('The product goes on running; Ctrl-C stops it.')
}

async function play(): Promise<boolean> {
  switch (which) {
    case 'people':
      return (await import('./people/play-journeys.ts')).playJourneys(product.url, config, print)
    case 'attested':
      return (await import('./attested/play-attested.ts')).playAttested(product.url, config, print)
    default: {
      const { playEvents } = await import('./events-demo.ts')
      return playEvents({ url: product.url, apiKey: await product.apiKey() }, print)
    }
  }
}
