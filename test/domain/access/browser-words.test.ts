import { browserWords } from '../../../src/domain/access/browser-words'

describe('browserWords', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36'
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/128.0.0.0`, 'Edge 128, Windows'],
    [`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`, 'Chrome 128, Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari 17, iPhone',
    ],
    ['curl/8.5.0', 'curl/8.5.0'],
    [undefined, '-'],
  ])('%s is %s', (agent, words) => expect(browserWords(agent)).toBe(words))
})
