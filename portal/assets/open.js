// The secret leaves the address bar and the history before anything else, and goes to the app only when asked.
const secret = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
const open = document.getElementById('open')
if (open && /^[\w-]{43}$/.test(secret)) open.href = `folio://t#${secret}`
