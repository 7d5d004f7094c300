import { createBrowserRouter } from 'react-router'
import { HomePage } from './home-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { PageBroke } from './page-broke.tsx'
import { PageLoading } from './page-loading.tsx'
import { Shell } from './shell.tsx'

/** Every address of the application. All but the home page come when they are first opened. */
export const createRouter = () =>
  createBrowserRouter([
    {
      Component: Shell,
      ErrorBoundary: PageBroke,
      HydrateFallback: PageLoading,
      children: [
        { index: true, Component: HomePage },
        {
          path: 'verify',
          lazy: async () => ({ Component: (await import('#web/verify/verify-page.tsx')).VerifyPage }),
        },
        {
          path: 'credentials/:id',
          lazy: async () => ({
            Component: (await import('#web/credentials/credential-page.tsx')).CredentialPage,
          }),
        },
        {
          path: 'achievements/:id',
          lazy: async () => ({
            Component: (await import('#web/achievements/achievement-page.tsx')).AchievementPage,
          }),
        },
        {
          path: 'issuers/:slug',
          lazy: async () => ({ Component: (await import('#web/issuers/issuer-page.tsx')).IssuerPage }),
        },
        {
          path: 'claim',
          lazy: async () => ({ Component: (await import('#web/claims/claim-page.tsx')).ClaimPage }),
        },
        {
          path: 'redeem',
          lazy: async () => ({ Component: (await import('#web/codes/redeem-page.tsx')).RedeemPage }),
        },
        {
          path: 'invitation',
          lazy: async () => ({
            Component: (await import('#web/invitations/invitation-page.tsx')).InvitationPage,
          }),
        },
        {
          path: 'expert-review',
          lazy: async () => ({
            Component: (await import('#web/expert-reviews/expert-review-page.tsx')).ExpertReviewPage,
          }),
        },
        {
          path: 'catalogue',
          lazy: async () => ({
            Component: (await import('#web/catalogue/catalogue-page.tsx')).CataloguePage,
          }),
        },
        {
          path: 'sign-in',
          lazy: async () => ({ Component: (await import('#web/sign-in/sign-in-page.tsx')).SignInPage }),
        },
        {
          path: 'sign-in/callback/:provider',
          lazy: async () => ({
            Component: (await import('#web/sign-in/provider-callback-page.tsx')).ProviderCallbackPage,
          }),
        },
        {
          path: 'account',
          lazy: async () => ({ Component: (await import('#web/account/account-page.tsx')).AccountPage }),
        },
        {
          path: 'connections/callback/:id',
          lazy: async () => ({
            Component: (await import('#web/connections/callback-page.tsx')).ConnectionCallbackPage,
          }),
        },
        {
          path: 'connect/:uid',
          lazy: async () => ({
            Component: (await import('#web/connections/connect-page.tsx')).ConnectPage,
          }),
        },
        {
          path: 'backpack',
          lazy: async () => ({
            Component: (await import('#web/collections/backpack-page.tsx')).BackpackPage,
          }),
        },
        {
          path: 'collections/:id',
          lazy: async () => ({
            Component: (await import('#web/collections/shared-collection-page.tsx')).SharedCollectionPage,
          }),
        },
        {
          path: 'notifications',
          lazy: async () => ({
            Component: (await import('#web/notifications/notifications-page.tsx')).NotificationsPage,
          }),
        },
        {
          path: 'unsubscribe',
          lazy: async () => ({
            Component: (await import('#web/notifications/unsubscribe-page.tsx')).UnsubscribePage,
          }),
        },
        {
          path: 'claim-confirmations',
          lazy: async () => ({
            Component: (await import('#web/claims/confirmations-page.tsx')).ConfirmationsPage,
          }),
        },
        {
          path: 'endorse',
          lazy: async () => ({ Component: (await import('#web/endorsements/endorse-page.tsx')).EndorsePage }),
        },
        {
          path: 'console/*',
          lazy: async () => ({ Component: (await import('#web/console/console.tsx')).Console }),
        },
        { path: '*', Component: NotFoundPage },
      ],
    },
  ])
