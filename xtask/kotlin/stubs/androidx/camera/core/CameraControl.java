// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import com.google.common.util.concurrent.ListenableFuture;
import org.jspecify.annotations.NonNull;

public interface CameraControl {
    @NonNull ListenableFuture<Void> cancelFocusAndMetering();

    @NonNull ListenableFuture<Void> enableTorch(boolean value);

    @NonNull ListenableFuture<Integer> setExposureCompensationIndex(int value);

    @NonNull ListenableFuture<Void> setLinearZoom(float value);

    @NonNull ListenableFuture<Void> setZoomRatio(float value);

    @NonNull ListenableFuture<FocusMeteringResult> startFocusAndMetering(@NonNull FocusMeteringAction focusMeteringAction);

    public static final class OperationCanceledException extends Exception {
        private OperationCanceledException() {}
    }
}
