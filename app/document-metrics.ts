import { Counter, type Registry } from 'prom-client'
import type { TemplateCounts } from '#adapters/crypto/quad-templates.ts'

/** How documents became canonical quads since the start, in this thread and in those that sign many, for /metrics. */
export function measureDocuments(
  registry: Registry,
  counts: Readonly<Record<'main' | 'issuing', () => TemplateCounts>>,
): void {
  const threads = Object.entries(counts)
  new Counter({
    name: 'waarmerk_documents_canonicalised_total',
    help: 'Documents whose canonical quads a template gave, or the full way',
    labelNames: ['thread', 'way'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [thread, count] of threads) {
        const { spliced, canonicalised } = count()
        this.inc({ thread, way: 'template' }, spliced)
        this.inc({ thread, way: 'full' }, canonicalised)
      }
    },
  })
  new Counter({
    name: 'waarmerk_document_templates_total',
    help: 'Shapes of documents for which a template was made',
    labelNames: ['thread'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [thread, count] of threads) this.inc({ thread }, count().learned)
    },
  })
}
