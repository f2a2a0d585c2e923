// A stub, written by hand from the public API of androidx.fragment 1.8: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.fragment.app;

import androidx.activity.ComponentActivity;

public class FragmentActivity extends ComponentActivity {
}
