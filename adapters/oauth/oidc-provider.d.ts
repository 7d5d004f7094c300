/** What the product and its tests use of oidc-provider, which comes without types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface KoaContext {
    body: unknown
    type: string
    status: number
    readonly path: string
    readonly oidc: {
      readonly route?: string
      readonly client?: { readonly clientId: string }
      readonly params?: Readonly<Record<string, string | undefined>>
      readonly result?: { readonly login?: object; readonly consent?: { readonly grantId: string } }
      readonly requestParamOIDCScopes: ReadonlySet<string>
    }
  }

  export interface Grant {
    readonly jti: string
    readonly clientId: string
    readonly accountId: string
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }

  export interface Interaction {
    readonly uid: string
    readonly exp: number
    readonly returnTo: string
    readonly params: Readonly<Record<string, string | undefined>>
    result?: Record<string, unknown>
    save(seconds: number): Promise<string>
  }

  export interface AccessToken {
    readonly accountId: string
    readonly clientId: string
    readonly grantId: string
    readonly scopes: ReadonlySet<string>
  }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    proxy: boolean
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
      new (of: { readonly clientId: string; readonly accountId: string }): Grant
      find(id: string): Promise<Grant | undefined>
    }
    readonly Interaction: { find(uid: string): Promise<Interaction | undefined> }
    readonly AccessToken: { find(value: string): Promise<AccessToken | undefined> }
    readonly Client: { find(id: string): Promise<{ metadata(): Record<string, unknown> } | undefined> }
  }

  export const errors: {
    readonly InvalidRequest: new (description: string) => Error
    readonly InvalidScope: new (description: string, scope: string) => Error
    readonly InvalidGrant: new (detail: string) => Error
    readonly InvalidClientMetadata: new (description: string) => Error
  }

  export const interactionPolicy: {
    readonly Check: {
      new (reason: string, description: string, error: string, check: (ctx: KoaContext) => boolean): object
    }
    base(): { get(name: string): { readonly checks: { add(check: object): void } } }
  }
}
