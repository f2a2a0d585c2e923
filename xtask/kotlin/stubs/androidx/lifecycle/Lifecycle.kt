// A stub, written by hand from the public API of androidx.lifecycle 2.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.lifecycle

interface LifecycleObserver

interface LifecycleOwner {
    val lifecycle: Lifecycle
}

abstract class Lifecycle {
    abstract val currentState: State

    abstract fun addObserver(observer: LifecycleObserver)

    abstract fun removeObserver(observer: LifecycleObserver)

    enum class State {
        DESTROYED,
        INITIALIZED,
        CREATED,
        STARTED,
        RESUMED,
        ;

        fun isAtLeast(state: State): Boolean = TODO()
    }

    enum class Event { ON_CREATE, ON_START, ON_RESUME, ON_PAUSE, ON_STOP, ON_DESTROY, ON_ANY }
}

open class LifecycleRegistry(provider: LifecycleOwner) : Lifecycle() {
    override var currentState: State
        get() = TODO()
        set(_) = TODO()
    open val observerCount: Int
        get() = TODO()

    override fun addObserver(observer: LifecycleObserver): Unit = TODO()

    override fun removeObserver(observer: LifecycleObserver): Unit = TODO()

    open fun handleLifecycleEvent(event: Event): Unit = TODO()
}

fun interface LifecycleEventObserver : LifecycleObserver {
    fun onStateChanged(source: LifecycleOwner, event: Lifecycle.Event)
}

interface DefaultLifecycleObserver : LifecycleObserver {
    fun onCreate(owner: LifecycleOwner) {}

    fun onStart(owner: LifecycleOwner) {}

    fun onResume(owner: LifecycleOwner) {}

    fun onPause(owner: LifecycleOwner) {}

    fun onStop(owner: LifecycleOwner) {}

    fun onDestroy(owner: LifecycleOwner) {}
}

class ProcessLifecycleOwner private constructor() : LifecycleOwner {
    override val lifecycle: Lifecycle
        get() = TODO()

    companion object {
        @JvmStatic
        fun get(): LifecycleOwner = TODO()
    }
}

fun interface Observer<T> {
    fun onChanged(value: T)
}
