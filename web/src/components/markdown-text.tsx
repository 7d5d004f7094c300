import { Anchor, Stack } from '@mantine/core'
import { useMemo } from 'react'
import { type Block, readMarkdown, type Span } from './markdown.ts'

/** Text of an author, with its emphasis, lists and links, made of elements: no HTML of theirs reaches the page. */
export function MarkdownText({ text, lang }: { readonly text: string; readonly lang?: string | undefined }) {
  const blocks = useMemo(() => readMarkdown(text), [text])
  return (
    <Stack gap="xs" {...(lang === undefined ? {} : { lang })}>
      {blocks.map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </Stack>
  )
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.kind === 'list') {
    const List = block.ordered ? 'ol' : 'ul'
    return (
      <List style={{ margin: 0, paddingInlineStart: '1.4rem' }}>
        {block.items.map((item, at) => (
          <li key={at}>
            <Spans spans={item} />
          </li>
        ))}
      </List>
    )
  }
  if (block.kind === 'heading') {
    // Not a heading element: the outline of the page is ours.
    return (
      <p style={{ margin: 0 }}>
        <strong>
          <Spans spans={block.spans} />
        </strong>
      </p>
    )
  }
  return (
    <p style={{ margin: 0 }}>
      <Spans spans={block.spans} />
    </p>
  )
}

function Spans({ spans }: { readonly spans: readonly Span[] }) {
  return spans.map((span, at) => <SpanView key={at} span={span} />)
}

function SpanView({ span }: { readonly span: Span }) {
  switch (span.kind) {
    case 'strong':
      return <strong>{span.text}</strong>
    case 'emphasis':
      return <em>{span.text}</em>
    case 'code':
      return <code>{span.text}</code>
    case 'link':
      return (
        <Anchor href={span.href} rel="noopener noreferrer nofollow">
          {span.text}
        </Anchor>
      )
    default:
      return span.text
  }
}
