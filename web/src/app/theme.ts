import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Deep green, the colour of the house; 8 on light, 6 on dark: both bear white text. */
const leaf: MantineColorsTuple = [
  '#edf5f1',
  '#d8e9e2',
  '#b2d3c6',
  '#8bbfab',
  '#69ad94',
  '#4d977d',
  '#3c7c66',
  '#326a57',
  '#2b5d4f',
  '#1d4238',
]

/** Greys of the dark scheme, with a breath of green. From text to the deepest ground. */
const dark: MantineColorsTuple = [
  '#dbe3df',
  '#bac7c1',
  '#9aaaa3',
  '#64756e',
  '#42524c',
  '#32403b',
  '#222d29',
  '#19221f',
  '#131a18',
  '#0d1311',
]

export const theme = createTheme({
  primaryColor: 'leaf',
  primaryShade: { light: 8, dark: 6 },
  colors: { leaf, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.3rem + 2vw, 2.5rem)', lineHeight: '1.15' },
      h2: { fontSize: '1.35rem', lineHeight: '1.3' },
      h3: { fontSize: '1.08rem', lineHeight: '1.4' },
    },
  },
  components: {
    // Where Mantine would open a page for a link to be read aloud, underline it for those who look.
    Anchor: { defaultProps: { underline: 'always' } },
    Container: { defaultProps: { size: 1040 } },
    Modal: { defaultProps: { centered: true } },
  },
})
