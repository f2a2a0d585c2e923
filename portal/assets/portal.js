// Keeps the window of a code true without a reload: the countdown by the clock, the rest by the portal's events.
// The server alone decides what is shown; this takes over the parts of its page that differ.
const PARTS = ['code-here', 'code-face', 'code-typed', 'code-help', 'code-state', 'code-actions', 'documents', 'missing']

const code = () => document.getElementById('code')

// A part as the portal wrote it. The countdown differs each time and has no button in it, so it is no reason to replace
// what has: a button that goes away under a finger is never pressed.
const written = part => {
  const copy = part?.cloneNode(true)
  copy?.querySelector('#code-left')?.remove()
  return copy?.outerHTML
}

// Compared with what the portal wrote before, not with the page, for a browser's extensions write into that too.
const before = new Map(PARTS.map(id => [id, written(document.getElementById(id))]))

let shownAt = performance.now()

const tick = () => {
  const countdown = document.querySelector('#code-face:not([hidden]) [data-countdown]')
  if (!countdown) return
  const left = Math.max(0, Number(countdown.dataset.countdown) - Math.floor((performance.now() - shownAt) / 1000))
  countdown.textContent = `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`
  if (left === 0) refresh()
}

const take = fresh => {
  const waits = !fresh.getElementById('code-face').hidden
  for (const id of PARTS) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)]
    // A typed code is shown once and stored nowhere: it stays until the code is no longer to be had.
    const news = written(next)
    if (id === 'code-typed' ? old && !waits : old && next && before.get(id) !== news) {
      before.set(id, news)
      const held = old.contains(document.activeElement)
      next ? old.replaceWith(document.adoptNode(next)) : old.remove()
      if (held) document.getElementById('window-title').focus()
    }
  }
  const [left, next] = [document.getElementById('code-left'), fresh.getElementById('code-left')]
  if (left && next) left.replaceWith(document.adoptNode(next))
  shownAt = performance.now()
  const say = document.getElementById('say')
  const sentence = fresh.getElementById('code').dataset.say
  if (say.textContent !== sentence) say.textContent = sentence
}

// One look at a time; an event that comes meanwhile asks for one more.
let running = false
let again = false
async function refresh() {
  again = running
  if (running) return
  running = true
  try {
    const response = await fetch(location.pathname.replace(/\/typed$/, ''), { headers: { accept: 'text/html' } })
    // The session has ended, or another eSpace was chosen in another tab.
    if (response.redirected) return location.assign(response.url)
    if (response.ok) take(new DOMParser().parseFromString(await response.text(), 'text/html'))
  } catch {
    // No network: the stream of events comes back with it, and asks again.
  } finally {
    running = false
    if (again) refresh()
  }
}

const KINDS = ['redeemed', 'declined', 'page', 'progress', 'checking', 'accepted', 'refused', 'slot_changed', 'expired']
const follow = () => {
  const events = new EventSource(code().dataset.events)
  for (const kind of KINDS) events.addEventListener(kind, refresh)
  // While there was no connection the page may have missed something.
  events.addEventListener('open', refresh)
  // The portal would not give a stream (too many tabs): look now and then instead.
  events.addEventListener('error', () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(() => (refresh(), follow()), 5000)
  })
}

setInterval(tick, 1000)
follow()
addEventListener('pageshow', event => event.persisted && refresh())
