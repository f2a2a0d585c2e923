// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import java.util.List;
import org.jspecify.annotations.NonNull;

public final class CameraSelector {
    public static final @NonNull CameraSelector DEFAULT_BACK_CAMERA = null;
    public static final @NonNull CameraSelector DEFAULT_FRONT_CAMERA = null;
    public static final int LENS_FACING_BACK = 1;
    @ExperimentalLensFacing
    public static final int LENS_FACING_EXTERNAL = 2;
    public static final int LENS_FACING_FRONT = 0;
    public static final int LENS_FACING_UNKNOWN = -1;

    private CameraSelector() {}

    public @NonNull List<CameraInfo> filter(@NonNull List<CameraInfo> list) {
        throw new UnsupportedOperationException();
    }

    public static final class Builder {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public CameraSelector.@NonNull Builder addCameraFilter(@NonNull CameraFilter cameraFilter) {
            throw new UnsupportedOperationException();
        }

        public @NonNull CameraSelector build() {
            throw new UnsupportedOperationException();
        }

        public CameraSelector.@NonNull Builder requireLensFacing(int value) {
            throw new UnsupportedOperationException();
        }
    }
}
