// A stub, written by hand from the public API of androidx.appcompat 1.7: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.appcompat.app;

import androidx.fragment.app.FragmentActivity;

public class AppCompatActivity extends FragmentActivity {
}
