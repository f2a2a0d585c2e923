// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.Nullable;

public class InitializationException extends Exception {
    public InitializationException(@Nullable String string) {
        throw new UnsupportedOperationException();
    }

    public InitializationException(@Nullable String string, @Nullable Throwable throwable) {
        throw new UnsupportedOperationException();
    }

    public InitializationException(@Nullable Throwable throwable) {
        throw new UnsupportedOperationException();
    }
}
