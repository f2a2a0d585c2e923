// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.lifecycle

import android.content.Context
import androidx.camera.core.Camera
import androidx.camera.core.CameraInfo
import androidx.camera.core.CameraSelector
import androidx.camera.core.UseCase
import androidx.camera.core.UseCaseGroup
import androidx.lifecycle.LifecycleOwner
import com.google.common.util.concurrent.ListenableFuture

class ProcessCameraProvider private constructor() {
    val availableCameraInfos: List<CameraInfo>
        get() = TODO()

    fun bindToLifecycle(lifecycleOwner: LifecycleOwner, cameraSelector: CameraSelector, vararg useCases: UseCase?): Camera = TODO()

    fun bindToLifecycle(lifecycleOwner: LifecycleOwner, cameraSelector: CameraSelector, useCaseGroup: UseCaseGroup): Camera = TODO()

    fun hasCamera(cameraSelector: CameraSelector): Boolean = TODO()

    fun getCameraInfo(cameraSelector: CameraSelector): CameraInfo = TODO()

    fun isBound(useCase: UseCase): Boolean = TODO()

    fun unbind(vararg useCases: UseCase?): Unit = TODO()

    fun unbindAll(): Unit = TODO()

    companion object {
        @JvmStatic
        fun getInstance(context: Context): ListenableFuture<ProcessCameraProvider> = TODO()
    }
}
