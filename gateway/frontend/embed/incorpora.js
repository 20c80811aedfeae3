// The list of sessions in another site's page: puts a frame after its own script tag, as high as what is in it.
// It leaves nothing else behind: no globals, no styles, no cookies. See docs/partners.md.

(() => {
  'use strict'
  const script = document.currentScript
  if (!script) return // a module, or run in some other way: the link in the page stays

  const address = new URL('incorpora/sessioni', script.src)
  for (const name of ['lingua', 'partner', 'tema']) {
    if (script.dataset[name]) address.searchParams.set(name, script.dataset[name])
  }

  const frame = document.createElement('iframe')
  frame.src = address.href
  frame.title = script.dataset.lingua === 'en' ? 'Orientation sessions' : 'Sessioni di orientamento'
  frame.loading = 'lazy'
  frame.referrerPolicy = 'no-referrer'
  // Scripts tell the height and links open pages of their own; without allow-same-origin there are no cookies at all.
  frame.sandbox = 'allow-scripts allow-popups allow-popups-to-escape-sandbox'
  Object.assign(frame.style, { border: '0', display: 'block', height: '30rem', width: '100%' })

  // A sandboxed frame has no origin: it is 'null', and the window tells it from any other.
  addEventListener('message', ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== 'null') return
    const height = data?.bottega?.height
    if (Number.isFinite(height)) frame.style.height = `${Math.min(Math.max(height, 80), 6000)}px`
  })
  frame.addEventListener('load', () => frame.contentWindow?.postMessage({ bottega: 'height?' }, '*'))
  script.after(frame)
})()
