// Keeps the window of a code true without a reload: the countdown by the clock, the state by the portal's events.
const box = () => document.getElementById('code')

let shownAt = performance.now()
const tick = () => {
  const countdown = document.querySelector('[data-countdown]')
  if (!countdown) return
  const left = Math.max(0, Number(countdown.dataset.countdown) - Math.floor((performance.now() - shownAt) / 1000))
  countdown.textContent = `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`
  if (left === 0) refresh()
}

// One refresh at a time; an event that comes meanwhile asks for one more.
let running = false
let again = false
async function refresh() {
  if (running) {
    again = true
    return
  }
  running = true
  try {
    // The typed code is shown once and stored nowhere, so the address is read, not the form's answer.
    const address = location.pathname.replace(/\/typed$/, '')
    const response = await fetch(address, { headers: { accept: 'text/html' } })
    if (response.redirected || !response.ok) return location.reload()
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
    const typed = document.querySelector('.typed')
    for (const id of ['code', 'documents', 'missing']) {
      const [old, next] = [document.getElementById(id), fresh.getElementById(id)]
      if (old && next && old.innerHTML !== next.innerHTML) old.replaceWith(document.adoptNode(next))
    }
    if (typed && document.querySelector('.code')) document.querySelector('.code').after(typed)
    shownAt = performance.now()
  } finally {
    running = false
    if (again) {
      again = false
      refresh()
    }
  }
}

setInterval(tick, 1000)
const events = new EventSource(box().dataset.events)
for (const kind of ['redeemed', 'declined', 'page', 'progress', 'checking', 'accepted', 'refused', 'slot_changed', 'expired', 'disconnected'])
  events.addEventListener(kind, refresh)
// After a lost connection the page may have missed something.
events.addEventListener('open', refresh)
addEventListener('pageshow', event => event.persisted && refresh())
