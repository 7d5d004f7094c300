import { List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Disclosure } from '#web/components/disclosure.tsx'
import { TraceTree } from './trace-tree.tsx'

interface ExplanationProps {
  readonly words: { readonly en: readonly string[]; readonly nl: readonly string[] }
  readonly trace: unknown
}

/** The reasons in words, and on demand as the tree from which they were made. */
export function Explanation({ words, trace }: ExplanationProps) {
  const { t, i18n } = useTranslation()
  const inLanguage = i18n.language === 'nl' ? words.nl : words.en
  return (
    <>
      <List my="sm">
        {inLanguage.map((sentence, at) => (
          <List.Item key={at} style={{ marginInlineStart: `${depthOf(sentence)}rem` }}>
            {sentence}
          </List.Item>
        ))}
      </List>
      <Disclosure summary={t('console:decisions.tree')}>
        <TraceTree trace={trace} />
      </Disclosure>
    </>
  )
}

/** A part of a part is told two blanks further in. */
const depthOf = (sentence: string): number => (sentence.length - sentence.trimStart().length) / 2
