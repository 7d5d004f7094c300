import fc from 'fast-check'

/**
 * Random expressions over all types of CEL but messages and optionals (which `@bufbuild/cel` does not have), made by
 * type so that most are accepted. Left out is what the library is known to do otherwise than the specification says:
 * positions in texts with surrogates, empty separators, limits of `split`, numbers read from odd texts, moments from
 * whole numbers, years before 100, division of unsigned numbers above 2^63.
 */
type Kind =
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'bool'
  | 'moment'
  | 'span'
  | 'ints'
  | 'texts'
  | 'map'

type Tie = (kind: Kind) => fc.Arbitrary<string>

const either = (...texts: readonly string[]) => fc.constantFrom(...texts)

/** Fills the holes of a template: `{int} + {int}`. */
const filled =
  (tie: Tie) =>
  (template: string): fc.Arbitrary<string> => {
    const holes = [
      ...template.matchAll(/\{(int|uint|double|string|bytes|bool|moment|span|ints|texts|map)\}/g),
    ]
    const parts = holes.map(([, kind]) => tie(kind as Kind))
    return fc.tuple(...parts).map((values) => {
      let index = 0
      return template.replace(/\{(?:int|uint|double|string|bytes|bool|moment|span|ints|texts|map)\}/g, () =>
        String(values[index++]),
      )
    })
  }

const LEAVES: Readonly<Record<Kind, readonly string[]>> = {
  int: [
    '0',
    '1',
    '2',
    '-1',
    '7',
    'n',
    '9223372036854775807',
    '-9223372036854775808',
    'l[0]',
    "m['a']",
    'm.b',
  ],
  uint: ['0u', '1u', '3u', '18446744073709551615u'],
  double: ['0.0', '1.5', '-2.25', 'x', '1e300', '0.1'],
  string: ["''", "'a'", "'ab'", "'b, c'", 's', "'Zebra é'", "'1'", "'true'", '"\\n\\t"'],
  bytes: ["b''", "b'a'", "b'\\xff\\x00'", "b'é'"],
  bool: [
    'true',
    'false',
    'b',
    'has(m.a)',
    'has(m.q)',
    'has(j.c.d)',
    'j.c.d',
    'j.a[1] == "b"',
    'j.a == [1.0, "b", null]',
  ],
  moment: [
    "timestamp('2026-02-28T23:59:59.123Z')",
    "timestamp('1969-07-20T20:17:40+02:00')",
    "timestamp('1000-01-01T00:00:00Z')",
    "timestamp('9999-12-31T00:00:00Z')",
  ],
  span: ["duration('1h30m')", "duration('-1.5s')", "duration('86400s')", "duration('0')", "duration('12ms')"],
  ints: ['[]', '[1, 2, 3]', 'l', '[n, n]'],
  texts: ["['a', 'b']", "s.split(', ')", '[s]'],
  map: ["{'a': 1}", 'm', "{'b': 2, 'c': n}", '{}'],
}

const TEMPLATES: Readonly<Record<Kind, readonly string[]>> = {
  int: [
    ...[
      '({int} + {int})',
      '({int} - {int})',
      '({int} * {int})',
      '({int} / {int})',
      '({int} % {int})',
      '-({int})',
    ],
    ...['size({string})', 'size({bytes})', 'size({ints})', '{map}.size()', 'int({double})', 'int({uint})'],
    ...[
      'int({moment})',
      "int('42')",
      "int('x')",
      '{string}.indexOf({string})',
      '{string}.lastIndexOf({string})',
    ],
    ...['{moment}.getHours()', "{moment}.getDate('Europe/Amsterdam')", "{moment}.getHours('-02:30')"],
    ...[
      '{moment}.getDayOfYear()',
      '{moment}.getDayOfWeek()',
      '{moment}.getMonth()',
      '{moment}.getFullYear()',
    ],
    ...['{moment}.getMilliseconds()', '{span}.getMinutes()', '{span}.getSeconds()', '{span}.getHours()'],
    ...['({bool} ? {int} : {int})', '{ints}[{int}]', "{map}['a']"],
  ],
  uint: [
    '({uint} + {uint})',
    '({uint} - {uint})',
    '({uint} * {uint})',
    '({uint} / 3u)',
    '({uint} % {uint})',
    'uint({int})',
  ],
  double: [
    '({double} + {double})',
    '({double} - {double})',
    '({double} * {double})',
    '({double} / {double})',
    'double({int})',
    'double({uint})',
    "double('1.5e3')",
    '-({double})',
  ],
  string: [
    ...['({string} + {string})', 'string({int})', 'string({double})', 'string({bool})', 'string({uint})'],
    ...[
      'string({bytes})',
      'string({moment})',
      'string({span})',
      '{string}.lowerAscii()',
      '{string}.upperAscii()',
    ],
    ...[
      '{string}.trim()',
      "{string}.replace('a', {string})",
      "{string}.replace('b', 'bb', 1)",
      '{texts}.join()',
    ],
    ...[
      '{texts}.join({string})',
      '{string}.substring(1)',
      '{string}.substring({int}, 2)',
      '{string}.charAt(1)',
    ],
    ...['({bool} ? {string} : {string})', '{texts}[0]', 'strings.quote({string})'],
  ],
  bytes: ['bytes({string})', '({bytes} + {bytes})'],
  bool: [
    ...['({int} < {int})', '({double} >= {double})', '({string} <= {string})', '({bytes} > {bytes})'],
    ...['({moment} < {moment})', '({span} >= {span})', '({bool} < {bool})', '({uint} <= {uint})'],
    ...['({int} < {double})', '({uint} > {int})', '({double} <= {uint})', '(dyn({int}) == {double})'],
    ...[
      '({int} == {int})',
      '({string} != {string})',
      '({ints} == {ints})',
      '({map} == {map})',
      '({bytes} == {bytes})',
    ],
    ...[
      '({moment} == {moment})',
      '({span} != {span})',
      '({texts} == {texts})',
      '(dyn({ints}) == dyn({map}))',
    ],
    ...['({bool} && {bool})', '({bool} || {bool})', '!{bool}', '({bool} ? {bool} : {bool})'],
    ...['({int} in {ints})', '({string} in {texts})', '({string} in {map})', '(dyn({double}) in {ints})'],
    ...['{string}.contains({string})', '{string}.startsWith({string})', '{string}.endsWith({string})'],
    ...[
      "{string}.matches('^[a-c]+$')",
      "{string}.matches('(a|b)*, ?')",
      "{string}.matches('(')",
      'bool({string})',
    ],
    ...['{ints}.exists(i, i > {int})', '{ints}.all(i, {int} / i < 2)', '{ints}.exists_one(i, i == {int})'],
    ...[
      '{texts}.exists(t, t.contains({string}))',
      '{map}.all(k, k != {string})',
      '{map}.exists(k, m[k] == 2)',
    ],
    ...['(type({int}) == int)', '(type({string}) == type({bytes}))', '(type({ints}) == list)'],
  ],
  moment: ['({moment} + {span})', '({moment} - {span})', '({bool} ? {moment} : {moment})'],
  span: ['({span} + {span})', '({span} - {span})', '({moment} - {moment})'],
  ints: [
    '({ints} + {ints})',
    '{ints}.filter(i, i > {int})',
    '{ints}.map(i, i * {int})',
    '{ints}.map(i, i != 1, i + 1)',
    '[{int}, {int}]',
    '{texts}.map(t, size(t))',
  ],
  texts: [
    "{string}.split('a')",
    '({texts} + {texts})',
    '{texts}.map(t, t + {string})',
    '{texts}.filter(t, {bool})',
    '{map}.map(k, k)',
    '[{string}]',
  ],
  map: ["{'a': {int}, {string}: {int}}", '({bool} ? {map} : {map})'],
}

const made = fc.letrec<Record<Kind, string>>((tie) => {
  const fill = filled(tie)
  const of = (kind: Kind) =>
    fc.oneof(
      { maxDepth: 4, depthIdentifier: 'cel' },
      { weight: 2, arbitrary: either(...LEAVES[kind]) },
      { weight: 5, arbitrary: fc.oneof(...TEMPLATES[kind].map(fill)) },
    )
  const [int, uint, double, string, bytes, bool] = [
    of('int'),
    of('uint'),
    of('double'),
    of('string'),
    of('bytes'),
    of('bool'),
  ]
  const [moment, span, ints, texts, map] = [of('moment'), of('span'), of('ints'), of('texts'), of('map')]
  return { int, uint, double, string, bytes, bool, moment, span, ints, texts, map }
})

export const expressions: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: made.bool },
  ...[made.int, made.uint, made.double, made.string, made.bytes, made.moment, made.span],
  ...[made.ints, made.texts, made.map],
)
