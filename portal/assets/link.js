// Keeps the page of a link code true without a reload: asks the portal every second how it stands, and counts down in
// between. The server alone decides what is shown; this takes over its page where that differs.
const EVERY = 1000

const link = () => document.getElementById('link')

// As the portal wrote it. The time left differs each time and is no reason to replace a button under a finger.
const written = part => {
  const copy = part.cloneNode(true)
  for (const left of copy.querySelectorAll('[data-countdown]')) left.remove()
  return copy.outerHTML
}

// Compared with what the portal wrote before, not with the page, for a browser's extensions write into that too.
let before = written(link())
let shownAt = performance.now()

const tick = () => {
  const countdown = link().querySelector('[data-countdown]')
  if (!countdown) return
  const left = Math.max(0, Number(countdown.dataset.countdown) - Math.floor((performance.now() - shownAt) / 1000))
  countdown.textContent = `${String(Math.floor(left / 60)).padStart(2, '0')}:${String(left % 60).padStart(2, '0')}`
}

const take = fresh => {
  const next = fresh.getElementById('link')
  const news = written(next)
  if (news === before) {
    const [left, now] = [link(), next].map(part => part.querySelector('[data-countdown]'))
    if (left && now) left.dataset.countdown = now.dataset.countdown
  } else {
    before = news
    const held = link().contains(document.activeElement)
    link().replaceWith(document.adoptNode(next))
    if (held) document.getElementById('link-title').focus()
    document.getElementById('say').textContent = link().dataset.say
  }
  shownAt = performance.now()
}

const look = async () => {
  try {
    const response = await fetch(location.pathname, { headers: { accept: 'text/html' } })
    // The session has ended.
    if (response.redirected) return location.assign(response.url)
    if (response.ok) take(new DOMParser().parseFromString(await response.text(), 'text/html'))
  } catch {
    // No network: the next look asks again.
  }
  if (!['finished', 'ended'].includes(link().dataset.state)) setTimeout(look, EVERY)
}

setInterval(tick, 1000)
setTimeout(look, EVERY)
