import { STATUS_CODES } from 'node:http'
import { errors } from '#engine/errors/catalogue.ts'
import type { ErrorDefinition } from '#engine/errors/define-error.ts'
import { EVENT_FAULTS } from '#engine/events/event-faults.ts'
import { FACT_FAULTS } from '#engine/facts/fact-faults.ts'
import { RULE_FAULTS, RULE_WARNINGS } from '#engine/rules/check/rule-faults.ts'
import { generatedFile } from './generated-file.ts'

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const definitions: readonly ErrorDefinition[] = Object.values(errors)

const byStatus = [...Map.groupBy(definitions, ({ status }) => status)].sort(([a], [b]) => a - b)

const sections = byStatus.map(([status, of]) => {
  const rows = [...of]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, retry, advice }) => `| \`${code}\` | ${retry ? 'yes' : 'no'} | ${cell(advice)} |`)
  return `## ${status} ${STATUS_CODES[status] ?? ''}

| code | retry | what it means, and what to do |
| --- | --- | --- |
${rows.join('\n')}
`
})

const faultTable = (faults: Readonly<Record<string, string>>) => `| code | what to do |
| --- | --- |
${Object.entries(faults)
  .map(([code, advice]) => `| \`${code}\` | ${cell(advice)} |`)
  .join('\n')}
`

generatedFile(
  'docs/errors.md',
  `# Errors

<!-- Generated from engine/errors/catalogue.ts by scripts/generate-errors.ts. Do not edit. -->

Every refusal is an RFC 9457 problem (\`application/problem+json\`): \`type\` (\`ORIGIN/problems/CODE\`, which explains
the code), \`title\`, \`status\`, \`detail\`, \`code\`, \`retry\`, \`instance\` (\`urn:uuid:\` of the request, which finds it in
the log), \`parameters\`, and for \`invalid-request\` the list \`errors\` with a JSON Pointer to each fault.

Codes are stable: programs may rely on them, and on nothing that \`detail\` says. *Retry* tells whether the same call may
succeed later without being changed.

${sections.join('\n')}
## Faults of an event

Listed in \`parameters.faults\` of \`event-invalid\`, each with its place as a JSON Pointer.

${faultTable(EVENT_FAULTS)}
## Faults of facts

Listed in \`parameters.faults\` of \`facts-invalid\`, each with its place as a JSON Pointer, and in the report of what is fed
for many people at once, row by row.

${faultTable(FACT_FAULTS)}
## Faults of a rule

Listed in \`parameters.faults\` of \`rule-invalid\`, and in the answer of \`POST /v1/rules/check\`.

${faultTable(RULE_FAULTS)}
Warnings do not keep a rule from being saved:

${faultTable(RULE_WARNINGS)}`,
  'npm run generate',
)
