// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import androidx.lifecycle.LiveData;
import org.jspecify.annotations.NonNull;

public interface CameraInfo {
    @NonNull CameraSelector getCameraSelector();

    @NonNull LiveData<CameraState> getCameraState();

    default int getLensFacing() {
        throw new UnsupportedOperationException();
    }

    int getSensorRotationDegrees();

    int getSensorRotationDegrees(int value);

    @NonNull LiveData<Integer> getTorchState();

    @NonNull LiveData<ZoomState> getZoomState();

    boolean hasFlashUnit();

    default boolean isFocusMeteringSupported(@NonNull FocusMeteringAction focusMeteringAction) {
        throw new UnsupportedOperationException();
    }
}
