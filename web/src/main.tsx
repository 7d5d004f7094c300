import '@fontsource-variable/inter/index.css'
import '@mantine/core/styles.css'
import '@mantine/dropzone/styles.css'
import '@mantine/notifications/styles.css'
import './app/page.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from '#web/app/app.tsx'
import { startI18n } from '#web/i18n/i18n.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the application.')
startI18n()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
