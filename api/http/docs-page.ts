import express, { type Router } from 'express'
import swaggerUi from 'swagger-ui-express'

/** `/docs`: the reference to read and to try. All assets are local; its script is a file, so that the CSP holds. */
export function docsPage(document: object): Router {
  const router = express.Router({ strict: true })
  router.use('/docs', (_request, response, next) => {
    response.locals['route'] = '/docs'
    next()
  })
  router.get('/docs', (_request, response) => response.redirect(301, '/docs/'))
  router.use(
    '/docs/',
    ...swaggerUi.serveFiles(document),
    swaggerUi.setup(document, { customSiteTitle: 'Waarmerk API', swaggerOptions: { validatorUrl: null } }),
  )
  return router
}
