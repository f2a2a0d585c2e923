// A stub, written by hand from the public API of androidx.core 1.13: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.core.app;

import android.app.Activity;
import androidx.core.content.ContextCompat;
import org.jspecify.annotations.NonNull;

public class ActivityCompat extends ContextCompat {
    private ActivityCompat() {}

    public static void requestPermissions(@NonNull Activity activity, String @NonNull [] string, int value2) {
        throw new UnsupportedOperationException();
    }

    public static boolean shouldShowRequestPermissionRationale(@NonNull Activity activity, @NonNull String string) {
        throw new UnsupportedOperationException();
    }
}
