/** The HTTP contract in TypeScript, in the shape that openapi-typescript writes. */
export interface components {
  schemas: {
    Cost: { amount: number | null; basis: 'exact' | 'estimated' | 'unknown' };
    Price: { amount: number | null; basis: 'estimated' | 'unknown'; asOf?: string | null };
    Capabilities: {
      seed: boolean;
      negativePrompt: boolean;
      steps: boolean;
      guidance: boolean;
      aspectRatios: string[];
      edit: boolean;
    };
    Model: {
      index: number;
      name: string;
      provider: string;
      modelId: string;
      simulated: boolean;
      replaces?: string | null;
      capabilities: components['schemas']['Capabilities'];
      price: components['schemas']['Price'];
    };
    ParameterRange: { min: number; max: number; default: number };
    ModelsResponse: {
      models: components['schemas']['Model'][];
      promptModel: number | null;
      parameters: Record<string, components['schemas']['ParameterRange']>;
      aspectRatios: string[];
      limits: { promptMaxLength: number };
      websocketUrl: string;
    };
    Result: {
      index: number;
      model: string;
      provider: string;
      modelId: string;
      status: 'pending' | 'in_progress' | 'completed' | 'error' | 'cancelled';
      attempt: number;
      startedAt?: string | null;
      completedAt?: string | null;
      duration?: number | null;
      imageKey?: string | null;
      imageUrl?: string | null;
      thumbUrl?: string | null;
      contentType?: string | null;
      width?: number | null;
      height?: number | null;
      bytes?: number | null;
      seed?: number | null;
      requested?: Record<string, unknown> | null;
      ignored?: string[] | null;
      revisedPrompt?: string | null;
      cost?: components['schemas']['Cost'] | null;
      error?: string | null;
      errorCode?: string | null;
      retryable?: boolean | null;
    };
    Job: {
      jobId: string;
      status: 'pending' | 'in_progress' | 'completed' | 'partial' | 'failed' | 'cancelled';
      seq: number;
      createdAt: string;
      updatedAt: string;
      completedAt?: string | null;
      prompt: string;
      parameters: Record<string, unknown>;
      target: string;
      totalModels: number;
      completedModels: number;
      failedModels: number;
      results: components['schemas']['Result'][];
      simulated: boolean;
    };
    GenerateRequest: {
      prompt: string;
      steps?: number;
      guidance?: number;
      control?: number;
      seed?: number | null;
      negativePrompt?: string | null;
      aspectRatio?: string;
      models?: number[] | null;
    };
    EnhanceResponse: {
      original: string;
      enhanced: string;
      model: string | null;
      note?: string | null;
    };
    GalleryPreview: { thumbUrl: string; model: string };
    GalleryEntry: {
      target: string;
      jobId: string;
      prompt: string;
      createdAt: string;
      images: number;
      models?: string[] | null;
      preview: components['schemas']['GalleryPreview'];
    };
    GalleryPage: { galleries: components['schemas']['GalleryEntry'][]; next: string | null };
    GalleryDetail: {
      target: string;
      jobId: string;
      prompt: string;
      parameters: Record<string, unknown>;
      createdAt: string;
      images: components['schemas']['Result'][];
    };
    ErrorDetail: { field: string; problem: string };
    ErrorResponse: {
      error: string;
      code: string;
      requestId: string;
      details?: components['schemas']['ErrorDetail'][] | null;
      scope?: string | null;
    };
  };
}
