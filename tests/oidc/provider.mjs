// The demo's OpenID Connect provider: npm `oidc-provider` (certified) with invented citizens who log in by a click.
//
//   node provider.mjs --port PORT --redirect-uri URL
//
// Prints one line of JSON once it listens. It stands where an authority's real provider stands; the portal treats it like any other.

import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { Provider } from 'oidc-provider'

const { values: options } = parseArgs({ options: { port: { type: 'string' }, 'redirect-uri': { type: 'string' } } })
const issuer = `http://127.0.0.1:${options.port}`

const CITIZENS = { 'marie-weber': 'Marie Weber', 'paul-schmit': 'Paul Schmit', 'lea-hoffmann': 'Léa Hoffmann' }
// What each button of the portal asks for, and by what means the citizen then logs in.
const MEANS = { 'urn:folio:acr:luxtrust': ['LuxTrust', 'otp'], 'urn:folio:acr:eid': ['eID', 'sc'] }

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'folio-portal',
      redirect_uris: [options['redirect-uri']],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
    },
  ],
  acrValues: Object.keys(MEANS),
  claims: { profile: ['name'], acr: null, amr: null, auth_time: null },
  conformIdTokenClaims: false,
  cookies: { keys: ['demo'] },
  features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true } },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, name: CITIZENS[sub] }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
})

const style = `:root{color-scheme:light dark;font:17px/1.45 system-ui,"DejaVu Sans",sans-serif;--blue:#1b4fd6;--ink:#151a22;--paper:#fff;--ground:#f4f4f0}
@media (prefers-color-scheme:dark){:root{--blue:#86a9ff;--ink:#eef1f6;--paper:#161a21;--ground:#0c0f13}}
body{margin:0;background:var(--ground);color:var(--ink)}main{max-width:420px;margin:10vh auto;padding:16px;display:grid;gap:16px}
h1{font-size:1.65rem;margin:0}p{margin:0}form{display:grid;gap:12px}:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
button{font:inherit;font-weight:620;min-height:54px;border-radius:14px;border:1.5px solid #767f8c;background:var(--paper);color:inherit;cursor:pointer}`

const page = (means, uid) => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${means}: demo login</title><link rel="icon" href="data:,">
<style>${style}</style></head><body><main><h1>${means}: demo login</h1>
<p>This stands for the real login. Everybody here is invented, and nobody has a password. Who are you?</p>
<form method="post" action="/interaction/${uid}">${Object.entries(CITIZENS)
  .map(([sub, name]) => `<button name="sub" value="${sub}">${name}</button>`)
  .join('')}</form></main></body></html>`

// A login takes whoever is clicked; consent is the authority's to give, so it is given at once.
async function interact(request, response) {
  const { uid, prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'consent') {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    const consent = { grantId: await grant.save() }
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
  }
  const acr = (params.acr_values ?? '').split(' ').find(value => value in MEANS)
  const [means, amr] = MEANS[acr] ?? ['Login', 'pwd']
  if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(page(means, uid))
  let body = ''
  for await (const chunk of request) body += chunk
  const sub = new URLSearchParams(body).get('sub')
  if (!Object.hasOwn(CITIZENS, sub)) return response.writeHead(400).end()
  const login = { accountId: sub, acr, amr: [amr], remember: false, ts: Math.floor(Date.now() / 1000) }
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
}

const handle = provider.callback()
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return handle(request, response)
  interact(request, response).catch(error => {
    console.error(error)
    response.writeHead(400, { 'content-type': 'text/plain' }).end('This login is no longer under way. Start again in the portal.')
  })
}).listen(Number(options.port), '127.0.0.1', () => console.log(JSON.stringify({ issuer })))
