// In the frame: tells the page around it how high the list is, when asked and whenever that changes. Only the page
// around is answered, and only under the origin that it asked from.

(() => {
  'use strict'
  let told = false

  addEventListener('message', ({ source, origin, data }) => {
    if (told || source !== parent || parent === window || origin === 'null' || data?.bottega !== 'height?') return
    told = true
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height)
      parent.postMessage({ bottega: { height } }, origin)
    }
    new ResizeObserver(tell).observe(document.body)
  })
})()
