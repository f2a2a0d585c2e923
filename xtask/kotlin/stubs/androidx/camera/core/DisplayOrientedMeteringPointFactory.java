// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.view.Display;
import org.jspecify.annotations.NonNull;

public final class DisplayOrientedMeteringPointFactory extends MeteringPointFactory {
    public DisplayOrientedMeteringPointFactory(@NonNull Display display, @NonNull CameraInfo cameraInfo, float value2, float value3) {
        throw new UnsupportedOperationException();
    }
}
