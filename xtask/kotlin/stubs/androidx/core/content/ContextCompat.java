// A stub, written by hand from the public API of androidx.core 1.13: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.core.content;

import android.content.Context;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NonNull;

public class ContextCompat {
    protected ContextCompat() {
        throw new UnsupportedOperationException();
    }

    public static int checkSelfPermission(@NonNull Context context, @NonNull String string) {
        throw new UnsupportedOperationException();
    }

    public static int getColor(@NonNull Context context, int value1) {
        throw new UnsupportedOperationException();
    }

    public static @NonNull Executor getMainExecutor(@NonNull Context context) {
        throw new UnsupportedOperationException();
    }
}
