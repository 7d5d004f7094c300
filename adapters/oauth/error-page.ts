import { escapeXml } from '#engine/shared/escape-xml.ts'

/** For people whom an application sent here with a request that cannot be answered, not even to the application. */
export const errorPage = ({
  error,
  error_description: description = '',
}: {
  readonly error: string
  readonly error_description?: string
}): string => `<!doctype html>
<html lang="nl">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verbinden lukt niet · Cannot connect</title>
<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1a1b1e}code{background:#f1f3f5;padding:.1em .3em}</style>
<main>
<h1>Verbinden lukt niet</h1>
<p>De toepassing die je hierheen stuurde, vroeg iets dat niet kan. Probeer het daar opnieuw, of vraag hulp bij de makers ervan.</p>
<h2 lang="en">Cannot connect</h2>
<p lang="en">The application that sent you here asked for something that cannot be done. Try again there, or ask its makers.</p>
<p lang="en"><code>${escapeXml(error)}</code> ${escapeXml(description)}</p>
</main>
</html>
`
