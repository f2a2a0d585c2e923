// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core.resolutionselector;

import android.util.Size;
import java.util.List;
import org.jspecify.annotations.NonNull;

public interface ResolutionFilter {
    @NonNull List<Size> filter(@NonNull List<Size> list, int value1);
}
