package lu.folio.camera

import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.ThreadFactory

/** Frames have a thread of their own, and so have stills, which wait for the disk: none of it holds up the other or the screen. */
internal class Threads(val main: Executor) {
    val frames: ExecutorService = named("folio-frames")
    val stills: ExecutorService = named("folio-stills")

    private fun named(name: String): ExecutorService = Executors.newSingleThreadExecutor(ThreadFactory { Thread(it, name) })
}
