// A stub, written by hand from the public API of androidx.activity 1.10: it has the declarations that are used here, nothing behind them, and proves no more than their types.

@file:JvmName("EdgeToEdge")

package androidx.activity

@JvmName("enable")
@JvmOverloads
fun ComponentActivity.enableEdgeToEdge(
    statusBarStyle: SystemBarStyle = TODO(),
    navigationBarStyle: SystemBarStyle = TODO(),
): Unit = TODO()
