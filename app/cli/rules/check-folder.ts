import { checkRule } from '#engine/rules/check/check-rule.ts'
import type { RuleDocument } from '#engine/rules/document/rule-document.ts'
import { folderCatalogue } from './folder-settings.ts'
import type { FileFault, RuleFile, RuleFolder } from './rule-folder.ts'
import type { RuleServer } from './rule-server.ts'

export interface CheckedFile {
  readonly file: string
  readonly faults: readonly FileFault[]
  readonly warnings: readonly FileFault[]
}

/** Checks every rule of a folder: its shape, and what saving it would check, here or by the server that is given. */
export async function checkFolder(
  folder: RuleFolder,
  server: RuleServer | undefined,
): Promise<readonly CheckedFile[]> {
  const checked: CheckedFile[] = []
  for (const rule of folder.rules) checked.push(await check(rule, folder, server))
  return checked
}

async function check(
  rule: RuleFile,
  folder: RuleFolder,
  server: RuleServer | undefined,
): Promise<CheckedFile> {
  const { file, json, document, faults } = rule
  if (json === undefined || document === undefined) return { file, faults, warnings: [] }
  const found = server === undefined ? checkHere(rule, document, folder) : await server.check(json)
  const inFile = ({ code, path, message }: Omit<FileFault, 'file'>): FileFault => ({
    file,
    code,
    path,
    message,
  })
  return { file, faults: found.faults.map(inFile), warnings: found.warnings.map(inFile) }
}

function checkHere(rule: RuleFile, document: RuleDocument, { rules, settings }: RuleFolder) {
  const others = rules.flatMap((other) =>
    other === rule || other.document === undefined ? [] : [other.document],
  )
  const { achievements } = folderCatalogue(settings, [...others, document])
  return checkRule(document, { ...folderCatalogue(settings, others), achievements })
}
