import { Anchor } from '@mantine/core'

/** Plain text in which web addresses can be followed. */
export function LinkedText({ text }: { readonly text: string }) {
  return (
    <p style={{ margin: 0, whiteSpace: 'pre-wrap' }}>
      {text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) =>
        at % 2 === 1 ? (
          <Anchor key={at} href={part} rel="noreferrer">
            {part}
          </Anchor>
        ) : (
          part
        ),
      )}
    </p>
  )
}
