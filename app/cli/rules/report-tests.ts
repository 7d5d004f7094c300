import { escapeXml } from '#engine/shared/escape-xml.ts'
import { cleanText } from '../clean-text.ts'
import type { TestedFile } from './test-folder.ts'

export const REPORTERS = ['text', 'tap', 'junit'] as const
export type Reporter = (typeof REPORTERS)[number]

/** How the tests of a folder went: for people, or for a program that collects test results. */
export function reportTests(tested: readonly TestedFile[], reporter: Reporter): string {
  return { text, tap, junit }[reporter](tested)
}

const count = (tested: readonly TestedFile[], wanted: TestedFile['outcome']): number =>
  tested.filter(({ outcome }) => outcome === wanted).length

const linesOf = (message: string): string[] => message.split('\n').map((line) => cleanText(line))

const MARKS = { passed: '+', failed: 'x', skipped: '-' } as const

function text(tested: readonly TestedFile[]): string {
  const lines = tested.flatMap(({ file, outcome, events, messages }) => [
    `${MARKS[outcome]} ${cleanText(file)}${outcome === 'passed' ? ` (${events} events)` : ''}`,
    ...messages.flatMap(linesOf).map((line) => `    ${line}`),
  ])
  const [passed, failed, skipped] = [
    count(tested, 'passed'),
    count(tested, 'failed'),
    count(tested, 'skipped'),
  ]
  return `${[...lines, '', `${passed} passed, ${failed} failed, ${skipped} without examples.`].join('\n')}\n`
}

/** Test Anything Protocol, version 13. */
function tap(tested: readonly TestedFile[]): string {
  const lines = tested.flatMap(({ file, outcome, messages }, at) => [
    `${outcome === 'failed' ? 'not ok' : 'ok'} ${at + 1} - ${cleanText(file).replaceAll('#', '\\#')}${outcome === 'skipped' ? ' # SKIP no examples' : ''}`,
    ...(outcome === 'failed' ? messages.flatMap(linesOf).map((line) => `# ${line}`) : []),
  ])
  return `${['TAP version 13', `1..${tested.length}`, ...lines].join('\n')}\n`
}

function junit(tested: readonly TestedFile[]): string {
  const cases = tested.map(({ file, outcome, messages }) => {
    const body = messages.flatMap(linesOf).map(escapeXml).join('\n')
    const inner = {
      passed: '',
      skipped: '<skipped/>',
      failed: `<failure message="${escapeXml(cleanText(messages[0]?.split('\n')[0] ?? ''))}">${body}</failure>`,
    }[outcome]
    return `    <testcase classname="rules" name="${escapeXml(cleanText(file))}">${inner}</testcase>`
  })
  const counts = `tests="${tested.length}" failures="${count(tested, 'failed')}" skipped="${count(tested, 'skipped')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="rules" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}
