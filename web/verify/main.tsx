import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/dropzone/styles.css'
import '#web/app/page.css'
import { Container, MantineProvider } from '@mantine/core'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { checkTexts } from '#engine/verification/check-texts.ts'
import { reportTexts } from '#engine/verification/report-texts.ts'
import { verifyTexts } from '#engine/verification/verify-texts.ts'
import { achievementTexts } from '#web/achievements/achievement-texts.ts'
import { appTexts } from '#web/app/app-texts.ts'
import { cssVariables } from '#web/app/css-variables.ts'
import { theme } from '#web/app/theme.ts'
import { componentTexts } from '#web/components/component-texts.ts'
import { credentialTexts } from '#web/credentials/credential-texts.ts'
import { startTexts } from '#web/i18n/start-texts.ts'
import { VerifierPage } from './verifier-page.tsx'
import { verifierTexts } from './verifier-texts.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the verifier.')
startTexts({
  // Of the Dutch profile of badges, which a report shows.
  achievements: achievementTexts,
  app: appTexts,
  checks: checkTexts,
  components: componentTexts,
  credentials: credentialTexts,
  report: reportTexts,
  verifier: verifierTexts,
  verify: verifyTexts,
})
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <main>
        <Container py={{ base: 'lg', sm: 'xl' }}>
          <VerifierPage />
        </Container>
      </main>
    </MantineProvider>
  </StrictMode>,
)
