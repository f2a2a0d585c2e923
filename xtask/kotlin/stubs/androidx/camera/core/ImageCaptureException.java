// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public class ImageCaptureException extends Exception {
    public ImageCaptureException(int value, @NonNull String string, @Nullable Throwable throwable) {
        throw new UnsupportedOperationException();
    }

    public int getImageCaptureError() {
        throw new UnsupportedOperationException();
    }
}
