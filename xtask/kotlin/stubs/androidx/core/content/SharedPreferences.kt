// A stub, written by hand from the public API of androidx.core 1.13: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.core.content

import android.content.SharedPreferences

inline fun SharedPreferences.edit(commit: Boolean = false, action: SharedPreferences.Editor.() -> Unit) {
    action(edit())
}
