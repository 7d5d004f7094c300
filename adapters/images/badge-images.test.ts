import { expect, test } from 'vitest'
import { BADGE_SHAPES, DEFAULT_HOUSE_STYLE } from '#engine/achievements/house-style.ts'
import { createBadgeImages } from './badge-images.ts'

const images = createBadgeImages()

test('a picture in a house style is a PNG that can be baked, the same for the same input and another for any other', async () => {
  const face = { label: 'Eerste hulp <op> de "werkplek"', language: 'nl' }
  const logo = await images.draw('logo')
  const level = { name: { nl: 'Brons', en: 'Bronze' }, accent: '#a5632a' }
  const pictures = [
    ...(await Promise.all(
      BADGE_SHAPES.map((shape) => images.compose({ ...DEFAULT_HOUSE_STYLE, shape }, face)),
    )),
    await images.compose(DEFAULT_HOUSE_STYLE, { ...face, label: 'Ελλάδα' }),
    await images.compose(DEFAULT_HOUSE_STYLE, { ...face, label: 'Первая' }),
    await images.compose(DEFAULT_HOUSE_STYLE, { ...face, level }),
    await images.compose(DEFAULT_HOUSE_STYLE, { ...face, level, language: 'en' }),
    await images.compose(DEFAULT_HOUSE_STYLE, { ...face, symbol: 'star' }),
    await images.compose(DEFAULT_HOUSE_STYLE, face, logo),
  ]
  for (const picture of pictures) expect(await images.clean(picture)).toMatchObject({ ok: true, removed: [] })
  const seen = new Set(pictures.map((picture) => Buffer.from(picture).toString('base64')))
  expect(seen.size).toBe(pictures.length)
  expect(await createBadgeImages().compose(DEFAULT_HOUSE_STYLE, face, logo)).toEqual(pictures.at(-1))
})
