// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.camera2.interop;

import android.hardware.camera2.CameraCharacteristics;
import androidx.camera.core.CameraInfo;
import org.jspecify.annotations.NonNull;

public final class Camera2CameraInfo {
    private Camera2CameraInfo() {}

    @ExperimentalCamera2Interop
    public static @NonNull Camera2CameraInfo from(@NonNull CameraInfo cameraInfo) {
        throw new UnsupportedOperationException();
    }

    @ExperimentalCamera2Interop
    public <T> T getCameraCharacteristic(CameraCharacteristics.@NonNull Key<T> key) {
        throw new UnsupportedOperationException();
    }

    @ExperimentalCamera2Interop
    public @NonNull String getCameraId() {
        throw new UnsupportedOperationException();
    }
}
