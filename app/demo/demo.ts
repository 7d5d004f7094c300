// What the demo plays: events that award badges (the default), or people who do things with badges.
import { readConfig } from '../config.ts'
import { findProduct } from './find-product.ts'

const [which = 'events'] = process.argv.slice(2)
const print = (line = '') => process.stdout.write(`${line}\n`)
const env = process.env
const config = readConfig(env)

if (which !== 'events' && which !== 'people') {
  print(`There is no demo "${which}": npm run demo, or npm run demo -- people.`)
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
const isGood =
  which === 'people'
    ? await (await import('./people/play-journeys.ts')).playJourneys(product.url, config, print)
    : await (await import('./events-demo.ts')).playEvents(
        { url: product.url, apiKey: await product.apiKey() },
        print,
      )
if (!isGood) process.exitCode = 1
if (product.started !== undefined) {
  print()
  print('The product goes on running; Ctrl-C stops it.')
}
