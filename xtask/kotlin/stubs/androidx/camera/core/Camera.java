// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.NonNull;

public interface Camera {
    @NonNull CameraControl getCameraControl();

    @NonNull CameraInfo getCameraInfo();
}
