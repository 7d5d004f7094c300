import express, { type Router } from 'express'
import swaggerUi from 'swagger-ui-express'

const OPTIONS: swaggerUi.SwaggerUiOptions = {
  customSiteTitle: 'Waarmerk API',
  customCss: '',
  customCssUrl: './waarmerk-docs.css',
  // Of its themes for examples the one whose every colour has contrast enough.
  swaggerOptions: { validatorUrl: null, syntaxHighlight: { theme: 'obsidian' } },
}

/** `/docs`: the reference to read and to try. All assets are local; its script is a file, so that the CSP holds. */
export function docsPage(document: object): Router {
  const page = pageOf(document)
  const router = express.Router({ strict: true })
  router.use('/docs', (_request, response, next) => {
    response.locals['route'] = '/docs'
    next()
  })
  router.get('/docs', (_request, response) => response.redirect(301, '/docs/'))
  router.get('/docs/waarmerk-docs.css', (_request, response) =>
    response.sendFile('docs-page.css', { root: import.meta.dirname }),
  )
  router.use('/docs/', ...swaggerUi.serveFiles(document, OPTIONS), (_request, response) => {
    response.send(page)
  })
  return router
}

/** The page of swagger-ui, which by itself is laid out for a desk alone. */
function pageOf(document: object): string {
  const html = swaggerUi.generateHTML(document, OPTIONS)
  const viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
  return html.replace('<meta charset="UTF-8">', (charset) => `${charset}\n  ${viewport}`)
}
