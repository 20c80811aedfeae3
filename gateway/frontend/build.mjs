// Builds ../static: one style sheet cut down to what the templates use, a small one for the list in other sites' pages
// with its scripts, htmx, the fonts and pictures, each under a name with a hash of its content, and compressed beside it.
// manifest.json maps the plain names to those.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { PurgeCSS } from 'purgecss'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, '..', 'static')
const modules = join(here, 'node_modules')
const fonts = join(modules, 'bootstrap-italia', 'dist', 'fonts', 'Titillium_Web')
const compressible = ['.css', '.js', '.svg']

const manifest = {}
const written = new Set(['.built', 'manifest.json'])

function put(name, content) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  const hashed = `${basename(name, extname(name))}.${hash}${extname(name)}`
  const forms = { [hashed]: content }
  if (compressible.includes(extname(name))) {
    forms[`${hashed}.gz`] = gzipSync(content, { level: 9 })
    forms[`${hashed}.br`] = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } })
  }
  for (const [form, bytes] of Object.entries(forms)) {
    writeFileSync(join(target, form), bytes)
    written.add(form)
  }
  manifest[name] = hashed
}

async function styleSheet() {
  const { css } = sass.compile(join(here, 'scss', 'site.scss'), {
    loadPaths: [modules],
    style: 'compressed',
    charset: false,
    quietDeps: true,
    silenceDeprecations: ['import'], // Bootstrap Italia is written for @import
  })
  const [purged] = await new PurgeCSS().purge({
    content: [join(here, '..', 'templates', '**', '*.html')],
    css: [{ raw: css }],
    safelist: [/^htmx-/, /^state-/], // set by htmx; put together from the state of a reservation
    variables: true,
  })
  return purged.css.replace(/asset:([\w.-]+)/g, (_, name) => manifest[name])
}

mkdirSync(target, { recursive: true })
for (const weight of ['regular', '700']) {
  put(`titillium-${weight}.woff2`, readFileSync(join(fonts, `titillium-web-v10-latin-ext_latin-${weight}.woff2`)))
}
for (const image of readdirSync(join(here, 'images'))) {
  put(image, readFileSync(join(here, 'images', image)))
}
put('htmx.js', readFileSync(join(modules, 'htmx.org', 'dist', 'htmx.min.js')))
for (const script of readdirSync(join(here, 'embed'))) {
  put(script, readFileSync(join(here, 'embed', script)))
}
const embed = sass.compile(join(here, 'scss', 'embed.scss'), { style: 'compressed', charset: false })
put('embed.css', Buffer.from(embed.css))
put('site.css', Buffer.from(await styleSheet()))
writeFileSync(join(target, 'manifest.json'), JSON.stringify(manifest, null, 2))
for (const old of readdirSync(target)) {
  if (!written.has(old)) rmSync(join(target, old), { recursive: true })
}
