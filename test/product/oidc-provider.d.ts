/** What the tests use of oidc-provider, which comes without types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface KoaContext {
    body: unknown
    readonly path: string
    readonly oidc?: { readonly route?: string; readonly client?: { readonly clientId: string } }
  }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    use(middleware: (ctx: KoaContext, next: () => Promise<void>) => Promise<void>): void
    on(event: string, listener: (...given: unknown[]) => void): void
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
      options?: { readonly mergeWithLastSubmission: boolean },
    ): Promise<void>
    readonly Grant: {
      new (of: {
        readonly clientId: string
        readonly accountId: string
      }): {
        addOIDCScope(scope: string): void
        save(): Promise<string>
      }
      find(id: string): Promise<unknown>
    }
  }
}
