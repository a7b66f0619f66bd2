import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Who imports whom: never back, never sideways. A room may import only what stands in its list (and itself). */
const rooms = {
  domain: [],
  ports: ['domain'],
  wire: ['domain'],
  usecases: ['ports', 'domain'],
  store: ['ports', 'domain'],
  connectors: ['ports', 'wire', 'domain'],
  doors: ['usecases', 'wire', 'ports', 'domain'],
  workers: ['usecases', 'wire', 'ports', 'domain'],
}
const everyRoom = [...Object.keys(rooms), 'tools', 'console']

const directions = Object.entries(rooms).map(([room, allowed]) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${everyRoom.filter((other) => other !== room && !allowed.includes(other)).join('|')})(/|$)`,
            message: `${room} imports only ${allowed.join(', ') || 'itself'}; move what is shared one room inward.`,
          },
          { regex: '^(\\.\\./)+(main|cli|server|config)$', message: 'The top puts the rooms together; rooms do not know it.' },
        ],
      },
    ],
  },
}))

/** One door or connector does not know the next; what two share lies beside them, not in one of them. */
const siblings = (room, names) =>
  names.map((name) => ({
    files: [`src/${room}/${name}/**/*.ts`],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...names
          .filter((other) => other !== name)
          .map((other) => ({
            selector: `ImportDeclaration[source.value=/^\\.\\.\\u002F(\\.\\.\\u002F)*${other}\\u002F/]`,
            message: `${room}/${name} does not know ${room}/${other}; what two share moves one room inward.`,
          })),
      ],
    },
  }))

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'var/', 'coverage/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { project: ['./tsconfig.test.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      'no-control-regex': 'off',
    },
  },
  { files: ['src/cli.ts', 'src/tools/**', 'test/services/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: { require: 'readonly', module: 'writable', process: 'readonly', console: 'readonly', __dirname: 'readonly' },
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // the bodies that supertest hands over are any
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  ...directions,
  ...siblings('doors', ['scim', 'saml', 'admin', 'oauth', 'session', 'health']),
  ...siblings('connectors', ['chat', 'mail']),
)
