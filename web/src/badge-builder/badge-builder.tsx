import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { badgeContrast } from '#engine/achievements/badge-contrast.ts'
import { textFits } from '#engine/achievements/badge-picture.ts'
import { BADGE_SYMBOLS, type BadgeSymbol } from '#engine/achievements/badge-symbols.ts'
import { BADGE_SHAPES, type BadgeShape } from '#engine/achievements/house-style.ts'
import { ApiProblem } from '#web/api/api-problem.ts'
import { create, path, read } from '#web/api/client.ts'
import type { HouseStyleView, PictureDesign } from '#web/api/wire.ts'
import { Loading } from '#web/components/loading.tsx'
import { ProblemAlert } from '#web/components/problem-alert.tsx'
import { useOrganisation } from '#web/console/organisation-context.ts'
import { recordsKey } from '#web/console/use-records.ts'
import { ContrastNote } from './contrast-note.tsx'
import { DrawnBadge } from './drawn-badge.tsx'
import { useLogo } from './use-logo.ts'

interface BadgeBuilderProps {
  /** The picture to go on from, or empty. */
  readonly image: string
  readonly label: string
  readonly language: 'nl' | 'en'
  readonly onDrawn: (image: string) => void
  readonly onClose: () => void
}

/** A badge is put together, and seen while that is done. */
export function BadgeBuilder(props: BadgeBuilderProps) {
  const { t } = useTranslation()
  const { id: organisation } = useOrganisation()
  const style = useQuery({
    queryKey: [...recordsKey(organisation), 'house-style'],
    queryFn: () => read<HouseStyleView>('/v1/organisations/house-style', { organisation }),
  })
  const design = useQuery({
    queryKey: [...recordsKey(organisation), 'picture-design', props.image],
    queryFn: () => readDesign(props.image, organisation),
  })
  const failed = style.error ?? design.error
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('badgeBuilder:title')}
      closeButtonProps={{ 'aria-label': t('badgeBuilder:close') }}
      size="lg"
    >
      {failed !== null && <ProblemAlert error={failed} />}
      {style.data === undefined || design.data === undefined ? (
        failed === null && <Loading />
      ) : (
        <Fields {...props} style={style.data} before={design.data} organisation={organisation} />
      )}
    </Modal>
  )
}

/** Null for a picture that was uploaded, or drawn for an achievement without one. */
async function readDesign(image: string, organisation: string): Promise<PictureDesign | null> {
  if (image === '') return null
  try {
    return await read<PictureDesign>(path`/v1/images/${image}/design`, { organisation })
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null
    throw error
  }
}

interface FieldsProps extends BadgeBuilderProps {
  readonly style: HouseStyleView
  readonly before: PictureDesign | null
  readonly organisation: string
}

const COLOURS = ['primary', 'secondary', 'text'] as const

function Fields({ style, before, organisation, ...props }: FieldsProps) {
  const { t } = useTranslation()
  const [label, setLabel] = useState(before?.label ?? props.label)
  const [language, setLanguage] = useState(before?.language ?? props.language)
  const [shape, setShape] = useState<BadgeShape>(before?.shape ?? style.shape)
  const [symbol, setSymbol] = useState<BadgeSymbol | ''>(before?.symbol ?? '')
  const [colours, setColours] = useState(before?.colours ?? style.colours)
  const [level, setLevel] = useState(placeOf(before?.level ?? null, style))
  const [hasLogo, setHasLogo] = useState(before === null ? style.logo !== null : before.logo !== null)
  const logo = useLogo(hasLogo ? style.logo : null)
  const word = style.levels[level]
  const face = {
    label,
    language,
    ...(symbol === '' ? {} : { symbol }),
    ...(word === undefined ? {} : { level: word }),
  }
  const draw = useMutation({
    mutationFn: () =>
      create<{ id: string }>(
        '/v1/images/compose',
        {
          label: label.trim(),
          language,
          shape,
          colours,
          logo: hasLogo,
          ...(symbol === '' ? {} : { symbol }),
          ...(word === undefined ? {} : { level }),
        },
        { organisation },
      ),
    onSuccess: ({ id }) => props.onDrawn(id),
  })
  const [text, graphics] = badgeContrast(colours)
  return (
    <Stack>
      <Text size="sm">{t('badgeBuilder:lead')}</Text>
      <Group justify="center">
        <DrawnBadge
          look={{ colours, shape }}
          face={face}
          logo={logo}
          name={t('badgeBuilder:preview', { label })}
          size={240}
        />
      </Group>
      <TextInput
        label={t('badgeBuilder:text')}
        value={label}
        maxLength={200}
        data-autofocus
        onChange={({ currentTarget }) => setLabel(currentTarget.value)}
      />
      <Text size="sm" role="status">
        {textFits(shape, face) ? t('badgeBuilder:fits') : t('badgeBuilder:fitsNot')}
      </Text>
      <Group grow>
        <NativeSelect
          label={t('badgeBuilder:shape')}
          value={shape}
          data={BADGE_SHAPES.map((value) => ({ value, label: t(`badgeBuilder:shapes.${value}`) }))}
          onChange={({ currentTarget }) => setShape(currentTarget.value as BadgeShape)}
        />
        <NativeSelect
          label={t('badgeBuilder:symbol')}
          value={symbol}
          data={[
            { value: '', label: t('badgeBuilder:noSymbol') },
            ...BADGE_SYMBOLS.map((value) => ({ value, label: t(`badgeBuilder:symbols.${value}`) })),
          ]}
          onChange={({ currentTarget }) => setSymbol(currentTarget.value as BadgeSymbol | '')}
        />
      </Group>
      <Group grow>
        <NativeSelect
          label={t('badgeBuilder:level')}
          value={String(level)}
          data={[
            { value: '-1', label: t('badgeBuilder:noLevel') },
            ...style.levels.map(({ name }, place) => ({ value: String(place), label: name[language] })),
          ]}
          onChange={({ currentTarget }) => setLevel(Number(currentTarget.value))}
        />
        <NativeSelect
          label={t('badgeBuilder:language')}
          value={language}
          data={[
            { value: 'nl', label: t('badgeBuilder:dutch') },
            { value: 'en', label: t('badgeBuilder:english') },
          ]}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value === 'nl' ? 'nl' : 'en')}
        />
      </Group>
      <Group align="flex-end">
        {COLOURS.map((name) => (
          <TextInput
            key={name}
            type="color"
            w={140}
            label={t(`badgeBuilder:colours.${name}`)}
            value={colours[name]}
            onChange={({ currentTarget }) => setColours({ ...colours, [name]: currentTarget.value })}
          />
        ))}
        <Button variant="default" onClick={() => setColours(style.colours)}>
          {t('badgeBuilder:houseColours')}
        </Button>
      </Group>
      <ContrastNote finding={text} onPropose={(colour) => setColours({ ...colours, text: colour })} />
      <ContrastNote
        finding={graphics}
        onPropose={(colour) => setColours({ ...colours, secondary: colour })}
      />
      {style.logo !== null && (
        <Checkbox
          label={t('badgeBuilder:logo')}
          checked={hasLogo}
          onChange={({ currentTarget }) => setHasLogo(currentTarget.checked)}
        />
      )}
      {draw.isError && <ProblemAlert error={draw.error} />}
      <Group>
        <Button loading={draw.isPending} onClick={() => draw.mutate()}>
          {t('badgeBuilder:draw')}
        </Button>
        <Button variant="default" onClick={props.onClose}>
          {t('badgeBuilder:cancel')}
        </Button>
      </Group>
    </Stack>
  )
}

/** Where a level word of then stands in the house style of now; -1 where it does not. */
const placeOf = (word: PictureDesign['level'], { levels }: HouseStyleView): number =>
  word === null
    ? -1
    : levels.findIndex(
        ({ name, accent }) => name.nl === word.name.nl && name.en === word.name.en && accent === word.accent,
      )
