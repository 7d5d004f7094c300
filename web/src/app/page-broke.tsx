import { Button, Container, Stack, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What is shown when a page throws, or when its code could not be fetched (after an update, say). */
export function PageBroke() {
  const { t } = useTranslation()
  return (
    <Container component="main" py="xl">
      <Stack align="flex-start" role="alert">
        <Title>{t('app:broke.title')}</Title>
        <Text>{t('app:broke.text')}</Text>
        <Button onClick={() => location.reload()}>{t('app:broke.again')}</Button>
      </Stack>
    </Container>
  )
}
